package ci

import "embed"

// Files are the pipelines, by the paths that they have here. What each forge calls
// them is known to whoever writes them.
//
//go:embed github/*.yml gitlab/*.yml gitlab/.gitlab-ci.yml
var Files embed.FS
