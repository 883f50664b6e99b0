package forge

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/endpoint"
)

// Job is what the environment of a CI job says about the forge: where it is,
// which repository the job is for, and which pull request.
type Job struct {
	PullRequest int    // its number; 0: the job is not for one
	Head        string // the last commit of the pull request; empty: not known
	Commit      string // that was checked out
	Branch      string // that the job is for, if it is not for a pull request

	gitlab     bool
	api        endpoint.Base
	repository string // as the path of calls has it
	run        string // of GitHub Actions
	token      string
}

// TokenVariables are the variables that can hold a forge's token, the first one
// that is set wins.
var TokenVariables = []string{"GDF_COMMENT_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN"}

// ErrNoForge is returned outside jobs of GitHub Actions and GitLab CI.
var ErrNoForge = errors.New("this is not a job of GitHub Actions or GitLab CI: set GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_API_V4_URL, CI_PROJECT_ID and GITLAB_TOKEN")

// ErrNoToken is returned where there is a forge and no token for it.
var ErrNoToken = errors.New("there is no token for the forge: pass GITHUB_TOKEN, GITLAB_TOKEN or GDF_COMMENT_TOKEN to this step")

// World is what Detect reads.
type World struct {
	Env func(name string) string
	// ReadFile reads a file of at most so many bytes.
	ReadFile func(path string, most int64) ([]byte, error)
}

// mostEvent is how large the description of an event may be.
const mostEvent = 25 << 20

// Detect reads what the environment of a job says. Its errors hold no value of
// a variable.
func Detect(w World) (*Job, error) {
	var j *Job
	var err error
	switch {
	case w.Env("GITHUB_API_URL") != "":
		j, err = detectGitHub(w)
	case w.Env("CI_API_V4_URL") != "":
		j, err = detectGitLab(w)
	default:
		return nil, ErrNoForge
	}
	if err != nil {
		return nil, err
	}
	if j.token == "" {
		return nil, ErrNoToken
	}
	if strings.ContainsFunc(j.token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the token for the forge holds characters that no token has: check how the variable is set")
	}
	return j, nil
}

var (
	gitHubRepository = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*/(?:[A-Za-z0-9_-]|\.[A-Za-z0-9._-]*[A-Za-z0-9_-])[A-Za-z0-9._-]*$`)
	commitHash       = regexp.MustCompile(`^[0-9a-f]{40}(?:[0-9a-f]{24})?$`)
)

func detectGitHub(w World) (*Job, error) {
	j := &Job{repository: w.Env("GITHUB_REPOSITORY"), Commit: w.Env("GITHUB_SHA"), token: cmp.Or(w.Env(TokenVariables[0]), w.Env("GITHUB_TOKEN"))}
	if w.Env("GITHUB_REF_TYPE") != "tag" {
		j.Branch = w.Env("GITHUB_REF_NAME")
	}
	var err error
	if j.api, err = addressOf("GITHUB_API_URL", w.Env); err != nil {
		return nil, err
	}
	if run := RunNumber(w.Env); run > 0 {
		j.run = strconv.FormatUint(run, 10)
	}
	if !gitHubRepository.MatchString(j.repository) {
		return nil, errors.New("GITHUB_REPOSITORY must be OWNER/NAME")
	}
	if path := w.Env("GITHUB_EVENT_PATH"); path != "" {
		return j, j.readEvent(path, w)
	}
	return j, nil
}

// readEvent takes number and head of the pull request from the description of
// the event: GITHUB_SHA is a merge that was made for the test and vanishes.
func (j *Job) readEvent(path string, w World) error {
	text, err := w.ReadFile(path, mostEvent)
	if err != nil {
		return fmt.Errorf("the file that GITHUB_EVENT_PATH names can't be read: %w", err)
	}
	var event struct {
		PullRequest *struct {
			Number int `json:"number"`
			Head   struct {
				SHA string `json:"sha"`
			} `json:"head"`
		} `json:"pull_request"`
	}
	if err := json.Unmarshal(text, &event); err != nil {
		return errors.New("the file that GITHUB_EVENT_PATH names is not the description of an event")
	}
	if p := event.PullRequest; p != nil && p.Number > 0 {
		j.PullRequest = p.Number
		if commitHash.MatchString(p.Head.SHA) {
			j.Head = p.Head.SHA
		}
	}
	return nil
}

func detectGitLab(w World) (*Job, error) {
	// A pipeline of a fork comments on the merge request of the project that it
	// is for.
	project := cmp.Or(w.Env("CI_MERGE_REQUEST_PROJECT_ID"), w.Env("CI_PROJECT_ID"))
	j := &Job{
		gitlab: true, repository: project, Commit: w.Env("CI_COMMIT_SHA"), Branch: w.Env("CI_COMMIT_BRANCH"),
		Head:  cmp.Or(w.Env("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"), w.Env("CI_COMMIT_SHA")),
		token: cmp.Or(w.Env(TokenVariables[0]), w.Env("GITLAB_TOKEN")),
	}
	var err error
	if j.api, err = addressOf("CI_API_V4_URL", w.Env); err != nil {
		return nil, err
	}
	if _, err := strconv.ParseUint(project, 10, 63); err != nil {
		return nil, errors.New("CI_PROJECT_ID must be the number of a project")
	}
	if iid := w.Env("CI_MERGE_REQUEST_IID"); iid != "" {
		if j.PullRequest, err = strconv.Atoi(iid); err != nil || j.PullRequest < 1 {
			return nil, errors.New("CI_MERGE_REQUEST_IID must be the number of a merge request")
		}
	}
	return j, nil
}

// addressOf is the address that gets the token.
func addressOf(variable string, env func(string) string) (endpoint.Base, error) {
	base, err := endpoint.Parse(env(variable))
	if err != nil { // whose words are those of another API
		return base, errors.New(variable + " must be an address that begins with https://, without user name, query and fragment; plain http is for this machine only")
	}
	return base, nil
}

// path is the path of a call about the repository: each part that is not ours
// is escaped.
func (j *Job) path(parts ...string) string {
	var b strings.Builder
	if j.gitlab {
		b.WriteString("/projects/" + j.repository)
	} else {
		b.WriteString("/repos/" + j.repository)
	}
	for _, part := range parts {
		b.WriteString("/" + url.PathEscape(part))
	}
	return b.String()
}

// name is what the forge calls a pull request.
func (j *Job) name(number int) string {
	if j.gitlab {
		return "!" + strconv.Itoa(number)
	}
	return "#" + strconv.Itoa(number)
}
