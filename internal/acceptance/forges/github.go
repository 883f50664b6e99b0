package forges

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// GitHub answers below this path, as GitHub Enterprise does below /api/v3.
const GitHubPath = "/api/v3"

// GitHub is the handler of the repository shop/orders.
func GitHub(w *World) http.Handler { return &gitHub{w} }

type gitHub struct{ *World }

type object map[string]any

func (g *gitHub) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	who, ok := g.begin(rw, r, token)
	if !ok {
		return
	}
	var answer any
	status := http.StatusOK
	switch rest, isREST := strings.CutPrefix(r.URL.Path, GitHubPath+"/repos/shop/orders"); {
	case r.URL.Path == "/api/graphql" && r.Method == http.MethodPost:
		answer = g.graphQL(r, who)
	case isREST && r.Method == http.MethodGet:
		answer, status = g.rest(rw, r, strings.Split(strings.Trim(rest, "/"), "/"))
	default:
		status = http.StatusNotFound
	}
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(answer)
}

// graphQL answers the queries that there are, which it knows by a word of theirs.
func (g *gitHub) graphQL(r *http.Request, who Login) object {
	var q struct {
		Query     string
		Variables struct {
			Owner, Name, ID, Body, Before string
			Number                        int
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		return failed("", "Problems parsing JSON")
	}
	v := q.Variables
	if strings.HasPrefix(q.Query, "mutation") {
		return g.mutation(q.Query, v.ID, v.Body, who)
	}
	p := g.pull(v.Number)
	if p == nil || v.Owner+"/"+v.Name != "shop/orders" {
		return failed("NOT_FOUND", "Could not resolve to a PullRequest")
	}
	pull := object{"id": fmt.Sprintf("PR_%d", p.Number)}
	if strings.Contains(q.Query, "reviews(last:100,states:[APPROVED])") {
		nodes := []object{}
		for _, review := range p.Reviews {
			if review.State == "APPROVED" {
				nodes = append(nodes, object{"submittedAt": review.At})
			}
		}
		pull["reviews"] = object{"nodes": nodes}
	} else {
		pull["comments"] = g.comments(p, v.Before, who)
	}
	return object{"data": object{"repository": object{"pullRequest": pull}}}
}

// comments are the last hundred before a cursor.
func (g *gitHub) comments(p *Pull, before string, who Login) object {
	end := len(p.Comments)
	if n, err := strconv.Atoi(before); err == nil {
		end = n
	}
	from := max(end-100, 0)
	nodes := []object{}
	for _, c := range p.Comments[from:end] {
		var edited any
		if !c.Edited.IsZero() {
			edited = c.Edited
		}
		nodes = append(nodes, object{"id": fmt.Sprintf("IC_%d", c.ID), "body": c.Body, "viewerDidAuthor": c.Author == who.Name, "createdAt": c.Created, "lastEditedAt": edited})
	}
	return object{"nodes": nodes, "pageInfo": object{"hasPreviousPage": from > 0, "startCursor": strconv.Itoa(from)}}
}

func (g *gitHub) mutation(query, id, body string, who Login) object {
	if who.ReadOnly {
		return failed("FORBIDDEN", "Resource not accessible by integration")
	}
	if len([]rune(body)) > 65536 {
		return failed("UNPROCESSABLE", "Body is too long (maximum is 65536 characters)")
	}
	kind, digits, _ := strings.Cut(id, "_")
	n, _ := strconv.Atoi(digits)
	p, i := g.comment(n)
	switch {
	case strings.Contains(query, "addComment(") && kind == "PR" && g.pull(n) != nil:
		g.say(g.pull(n), who.Name, body)
	case strings.Contains(query, "updateIssueComment(") && kind == "IC" && p != nil:
		p.Comments[i].Body, p.Comments[i].Edited = body, g.Now()
	case strings.Contains(query, "deleteIssueComment(") && kind == "IC" && p != nil:
		p.Comments = append(p.Comments[:i], p.Comments[i+1:]...)
	default:
		return failed("NOT_FOUND", "Could not resolve to a node")
	}
	return object{"data": object{}}
}

func failed(kind, message string) object {
	return object{"data": nil, "errors": []object{{"type": kind, "message": message}}}
}

func (g *gitHub) rest(rw http.ResponseWriter, r *http.Request, path []string) (answer any, status int) {
	if answer, status, is := g.guards(path); is {
		return answer, status
	}
	at := parts(path)
	number, _ := strconv.Atoi(at(1))
	p := g.pull(number)
	switch {
	case at(0) == "":
		return object{"full_name": "shop/orders"}, http.StatusOK
	case at(0) == "commits" && at(2) == "pulls":
		all := []object{}
		for _, p := range g.of(at(1)) {
			all = append(all, g.pullRequest(p))
		}
		return page(rw, r, all), http.StatusOK
	case at(0) == "collaborators" && at(2) == "permission":
		permission, ok := g.Members[strings.ToLower(at(1))]
		if !ok {
			return object{"message": "Not Found"}, http.StatusNotFound
		}
		return object{"permission": permission}, http.StatusOK
	case at(0) == "actions" && at(1) == "runs":
		run, ok := g.Runs[at(2)]
		switch {
		case !ok:
			return object{"message": "Not Found"}, http.StatusNotFound
		case at(3) == "approvals":
			return run.approvals(), http.StatusOK
		}
		return object{"head_sha": run.Commit}, http.StatusOK
	case at(0) != "pulls" || p == nil:
		return object{"message": "Not Found"}, http.StatusNotFound
	case at(2) == "commits":
		all := []object{}
		for _, c := range p.Commits {
			all = append(all, object{"sha": c.SHA, "author": user(c.Author), "committer": user(c.Committer)})
		}
		return page(rw, r, all), http.StatusOK
	case at(2) == "reviews":
		all := []object{}
		for _, v := range p.Reviews {
			all = append(all, object{"user": user(v.Login), "state": v.State, "submitted_at": v.At, "commit_id": v.Commit})
		}
		return page(rw, r, all), http.StatusOK
	}
	return g.pullRequest(p), http.StatusOK
}

func (r Run) approvals() []object {
	all := []object{}
	for _, a := range r.Approvals {
		login, state, _ := strings.Cut(a, " ")
		all = append(all, object{"state": state, "user": user(login), "comment": "", "environments": []object{{"name": "gdf-apply"}}})
	}
	return all
}

func (g *gitHub) pullRequest(p *Pull) object {
	o := object{
		"number": p.Number, "html_url": fmt.Sprintf("https://github.example/shop/orders/pull/%d", p.Number), "user": user(p.Author),
		"head": object{"sha": p.Head}, "base": object{"sha": p.base(), "ref": p.branch()}, "merge_commit_sha": p.Merge,
		"commits": len(p.Commits) + p.MoreCommits, "merged_at": nil, "merged_by": nil,
	}
	if p.Merged {
		o["merged_at"], o["merged_by"] = g.mergedAt(p), user("merger")
	}
	return o
}

// user is null where nobody is known.
func user(login string) any {
	switch {
	case login == "":
		return nil
	case isBot(login):
		return object{"login": login, "type": "Bot"}
	}
	return object{"login": login, "type": "User"}
}

// parts returns the parts of a path by their numbers; empty: it has fewer.
func parts(path []string) func(i int) string {
	return func(i int) string {
		if i < len(path) {
			return path[i]
		}
		return ""
	}
}

// page is the page of a list that a call asks for. Link says whether there is a
// next one.
func page[T any](rw http.ResponseWriter, r *http.Request, all []T) []T {
	size, err := strconv.Atoi(r.URL.Query().Get("per_page"))
	if err != nil || size > 100 {
		size = 30
	}
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		n = 1
	}
	from := min((n-1)*size, len(all))
	if from+size < len(all) {
		rw.Header().Set("Link", fmt.Sprintf(`<https://elsewhere.example%s?page=%d>; rel="next", <https://elsewhere.example%[1]s?page=1>; rel="first"`, r.URL.Path, n+1))
	} else if n > 1 {
		rw.Header().Set("Link", fmt.Sprintf(`<https://elsewhere.example%s?page=%d>; rel="prev"`, r.URL.Path, n-1))
	}
	return all[from:min(from+size, len(all))]
}
