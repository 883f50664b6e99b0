package forges

import (
	"net/http"
	"strings"
)

// Guard is what protects a branch.
type Guard struct {
	PullRequest            bool // it changes by pull requests only
	Approvals              int  // that these need
	Dismissed, OtherPerson bool // of the approvals
	Restricted             bool // not everybody who can write may push
	Older                  bool // a branch protection of GitHub, and not a ruleset
}

// guards answers what is asked about settings on GitHub; false: it is something else.
func (g *gitHub) guards(path []string) (answer any, status int, is bool) {
	at := parts(path)
	switch {
	case at(0) == "pulls" && at(1) == "":
		return []object{}, http.StatusOK, true
	case at(0) == "rules" && at(1) == "branches":
		return g.rules(strings.Join(path[2:], "/")), http.StatusOK, true
	case at(0) == "environments":
		one, ok := g.Environments[at(1)]
		if !ok {
			return object{"message": "Not Found"}, http.StatusNotFound, true
		}
		if one {
			return object{"name": at(1), "deployment_branch_policy": object{"protected_branches": false, "custom_branch_policies": true}}, http.StatusOK, true
		}
		return object{"name": at(1), "deployment_branch_policy": nil}, http.StatusOK, true
	case at(0) == "branches" && path[len(path)-1] == "protection":
		guard := g.Guards[strings.Join(path[1:len(path)-1], "/")]
		if !guard.Older {
			return object{"message": "Branch not protected"}, http.StatusNotFound, true
		}
		reviews := object{"required_approving_review_count": guard.Approvals, "dismiss_stale_reviews": guard.Dismissed, "require_last_push_approval": guard.OtherPerson}
		if guard.PullRequest {
			return object{"required_pull_request_reviews": reviews}, http.StatusOK, true
		}
		return object{}, http.StatusOK, true
	case at(0) == "branches":
		guard, known := g.Guards[strings.Join(path[1:], "/")]
		return object{"name": at(1), "protected": known, "protection": object{"enabled": known && guard.Older}}, http.StatusOK, true
	}
	return nil, 0, false
}

func (g *gitHub) rules(branch string) []object {
	guard := g.Guards[branch]
	all := []object{}
	if guard.Older {
		return all
	}
	if guard.Restricted {
		all = append(all, object{"type": "update"}, object{"type": "deletion"})
	}
	if guard.PullRequest {
		all = append(all, object{"type": "pull_request", "parameters": object{
			"required_approving_review_count": guard.Approvals, "dismiss_stale_reviews_on_push": guard.Dismissed, "require_last_push_approval": guard.OtherPerson,
		}})
	}
	return all
}

// guards answers what is asked about settings on GitLab. Its names can be patterns.
func (g *gitLab) guards(what string) (answer any, is bool) {
	switch what {
	case "protected_branches":
		all := []object{}
		for name, guard := range g.Guards {
			level := 30
			switch {
			case guard.PullRequest:
				level = 0
			case guard.Restricted:
				level = 40
			}
			all = append(all, object{"name": name, "push_access_levels": []object{{"access_level": level, "user_id": nil}}, "allow_force_push": false})
		}
		return all, true
	case "approval_rules":
		all := []object{}
		for _, guard := range g.Guards {
			if guard.Approvals > 0 {
				all = append(all, object{"approvals_required": guard.Approvals})
			}
		}
		return all, true
	}
	return nil, false
}
