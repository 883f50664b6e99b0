package forges

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// GitLabPath is where GitLab answers.
const GitLabPath = "/api/v4"

// HiddenNote is the body of a note that no caller may see.
const HiddenNote = "(internal)"

// GitLab is the handler of the project with the number 7. A pull request's
// versions begin with the times of Pushed.
func GitLab(w *World, pushed map[string]time.Time) http.Handler { return &gitLab{w, pushed} }

type gitLab struct {
	*World
	pushed map[string]time.Time // when a commit became the head
}

func (g *gitLab) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	who, ok := g.begin(rw, r, r.Header.Get("PRIVATE-TOKEN"))
	if !ok {
		return
	}
	answer, status := g.answer(rw, r, who, strings.Split(strings.Trim(strings.TrimPrefix(r.URL.Path, GitLabPath), "/"), "/"))
	if status == http.StatusNoContent {
		rw.WriteHeader(status)
		return
	}
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(answer)
}

// id is the number of a login: logins are numbered by their names.
func (g *gitLab) id(login string) int64 {
	var n int64 = 1
	for _, r := range login {
		n = n*31%1_000_000_007 + int64(r)
	}
	return n
}

func (g *gitLab) login(id string) string {
	for login := range g.Members {
		if strconv.FormatInt(g.id(login), 10) == id {
			return login
		}
	}
	for _, p := range g.Pulls {
		for _, v := range p.Reviews {
			if strconv.FormatInt(g.id(v.Login), 10) == id {
				return v.Login
			}
		}
	}
	return ""
}

func (g *gitLab) user(login string) object {
	return object{"id": g.id(login), "username": login, "name": login, "state": "active"}
}

func (g *gitLab) answer(rw http.ResponseWriter, r *http.Request, who Login, path []string) (any, int) {
	notFound := object{"message": "404 Not found"}
	at := parts(path)
	switch {
	case at(0) == "user" && len(path) == 1:
		return g.user(who.Name), http.StatusOK
	case at(0) == "personal_access_tokens":
		return object{"scopes": who.Scopes, "active": true}, http.StatusOK
	case at(0) == "users":
		login := g.login(at(1))
		return object{"id": g.id(login), "username": login, "bot": isBot(login)}, http.StatusOK
	case at(0) != "projects" || at(1) != "7":
		return notFound, http.StatusNotFound
	}
	if answer, is := g.guards(at(2)); is {
		return answer, http.StatusOK
	}
	number, _ := strconv.Atoi(at(3))
	p := g.pull(number)
	switch {
	case len(path) == 2:
		return object{"id": 7}, http.StatusOK
	case at(2) == "approvals":
		return object{"reset_approvals_on_push": !g.KeepsApprovalsOnPush, "merge_requests_disable_committers_approval": !g.CommittersApprove}, http.StatusOK
	case at(2) == "members":
		level, ok := map[string]int{"admin": 40, "write": 30, "read": 20}[g.Members[strings.ToLower(g.login(at(4)))]]
		if !ok {
			return notFound, http.StatusNotFound
		}
		return object{"access_level": level, "state": "active"}, http.StatusOK
	case at(2) == "repository":
		all := []object{}
		for _, p := range g.of(at(4)) {
			all = append(all, g.request(p))
		}
		return page(rw, r, all), http.StatusOK
	case at(2) != "merge_requests" || p == nil:
		return notFound, http.StatusNotFound
	case at(4) == "":
		return g.request(p), http.StatusOK
	case at(4) == "approvals":
		return g.approvals(p), http.StatusOK
	case at(4) == "versions":
		return page(rw, r, g.versions(p)), http.StatusOK
	case at(4) == "commits":
		all := []object{}
		for _, c := range p.Commits {
			all = append(all, object{"id": c.SHA})
		}
		return page(rw, r, all), http.StatusOK
	case at(4) == "notes":
		return g.notes(rw, r, p, who, at(5))
	}
	return notFound, http.StatusNotFound
}

func (g *gitLab) request(p *Pull) object {
	state := "opened"
	if p.Merged {
		state = "merged"
	}
	return object{
		"iid": p.Number, "state": state, "target_branch": p.branch(), "web_url": fmt.Sprintf("https://gitlab.example/shop/orders/-/merge_requests/%d", p.Number),
		"author": g.user(p.Author), "sha": p.Head, "merge_commit_sha": p.Merge, "merged_at": g.mergedAt(p), "merge_user": g.user("merger"), "diff_refs": object{"base_sha": p.base()},
	}
}

func (g *gitLab) approvals(p *Pull) object {
	by := []object{}
	for _, v := range p.Reviews {
		if v.State != "APPROVED" {
			continue
		}
		o := object{"user": g.user(v.Login)}
		if !g.NoApprovalTimes {
			o["approved_at"] = v.At
		}
		by = append(by, o)
	}
	return object{"approved_by": by}
}

func (g *gitLab) versions(p *Pull) []object {
	all := []object{}
	for _, c := range p.Commits {
		if at, ok := g.pushed[c.SHA]; ok {
			all = append(all, object{"head_commit_sha": c.SHA, "created_at": at})
		}
	}
	slices.Reverse(all) // the newest one first
	return all
}

func (g *gitLab) notes(rw http.ResponseWriter, r *http.Request, p *Pull, who Login, id string) (any, int) {
	if r.Method == http.MethodGet {
		all := []object{}
		for _, c := range p.Comments {
			updated := c.Created
			if !c.Edited.IsZero() {
				updated = c.Edited
			}
			all = append(all, object{"id": c.ID, "body": c.Body, "author": g.user(c.Author), "system": false, "created_at": c.Created, "updated_at": updated})
		}
		if r.URL.Query().Get("sort") != "asc" {
			slices.Reverse(all)
		}
		// What the caller may not see is left out of a page, not of the list.
		return slices.DeleteFunc(slices.Clone(page(rw, r, all)), func(o object) bool { return o["body"] == HiddenNote }), http.StatusOK
	}
	if who.ReadOnly {
		return object{"message": "403 Forbidden"}, http.StatusForbidden
	}
	var said struct{ Body string }
	if r.Method != http.MethodDelete {
		if err := json.NewDecoder(r.Body).Decode(&said); err != nil || len([]rune(said.Body)) > 1_000_000 {
			return object{"message": "400 Bad request"}, http.StatusBadRequest
		}
	}
	if r.Method == http.MethodPost && id == "" {
		return object{"id": g.say(p, who.Name, said.Body).ID}, http.StatusCreated
	}
	n, _ := strconv.Atoi(id)
	_, i := g.comment(n)
	switch {
	case i >= len(p.Comments) || p.Comments[i].ID != n:
		return object{"message": "404 Not found"}, http.StatusNotFound
	case r.Method == http.MethodPut:
		p.Comments[i].Body, p.Comments[i].Edited = said.Body, g.Now()
		return object{"id": n}, http.StatusOK
	case r.Method == http.MethodDelete:
		p.Comments = append(p.Comments[:i], p.Comments[i+1:]...)
		return nil, http.StatusNoContent
	}
	return nil, http.StatusMethodNotAllowed
}
