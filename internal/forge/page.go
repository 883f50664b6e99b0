package forge

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
)

// mostPage is how long the address of a page may be: longer ones are not worth
// their room in a comment.
const mostPage = 300

// FilePage is the page on which the forge shows a line of a file, whose path begins
// at the root of the repository, at a commit. It is empty where the environment of
// the CI job does not say enough.
func FilePage(env func(string) string, commit, path string, line int) string {
	if !commitHash.MatchString(commit) {
		return ""
	}
	page := ""
	switch server, repository := env("GITHUB_SERVER_URL"), env("GITHUB_REPOSITORY"); {
	case server != "" && gitHubRepository.MatchString(repository):
		page = strings.TrimSuffix(server, "/") + "/" + repository + "/blob/" + commit
	case env("CI_PROJECT_URL") != "":
		// The commit of a fork's merge request is in the fork.
		page = strings.TrimSuffix(cmp.Or(env("CI_MERGE_REQUEST_SOURCE_PROJECT_URL"), env("CI_PROJECT_URL")), "/") + "/-/blob/" + commit
	default:
		return ""
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." {
			return ""
		}
		page += "/" + url.PathEscape(part)
	}
	return WebPage(page + "#L" + strconv.Itoa(line))
}

// WebPage is an address of the web that is safe within Markdown. It is empty for
// everything else.
func WebPage(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	// What Markdown could read as something else, within an address too.
	page := strings.NewReplacer("@", "%40", "&", "%26", "*", "%2A", "(", "%28", ")", "%29", "'", "%27", "!", "%21", "$", "%24").Replace(u.String())
	if len(page) > mostPage || strings.ContainsFunc(page, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>[]|\\`\"", r) }) {
		return ""
	}
	return page
}
