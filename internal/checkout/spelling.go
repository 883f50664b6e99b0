package checkout

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// File systems of macOS and Windows do not tell shop from Shop, nor two ways to write an
// ä; commits do. A directory whose name was only spelled otherwise is the one that the
// other commit has.

// OtherwiseSpelled is Files for a commit that has the checkout's directory in another
// spelling. It lists nothing if there is none, and refuses to choose among several.
func (c Checkout) OtherwiseSpelled(ctx context.Context, commit string) ([]File, error) {
	root, below, err := c.Root(ctx)
	if err != nil || below == "" {
		return nil, err
	}
	return At(root).otherwiseSpelled(ctx, commit, below)
}

// otherwiseSpelled lists the file of that path, or those below it, in another spelling.
// The checkout's directory is the root of the repository.
func (c Checkout) otherwiseSpelled(ctx context.Context, commit, path string) ([]File, error) {
	files, err := c.tree(ctx, commit)
	if err != nil {
		return nil, err
	}
	depth, wanted := strings.Count(path, "/")+1, spelling(path)
	found := map[string][]File{}
	for _, f := range files {
		parts := strings.SplitAfterN(f.Path, "/", depth+1)
		if len(parts) < depth {
			continue
		}
		name := strings.TrimSuffix(strings.Join(parts[:depth], ""), "/")
		if spelling(name) != wanted {
			continue
		}
		f.Path = strings.Join(parts[depth:], "")
		found[name] = append(found[name], f)
	}
	if len(found) > 1 {
		names := slices.Sorted(maps.Keys(found))
		return nil, fmt.Errorf("%w: %s differ only in how they are spelled", ErrAmbiguous, safetext.Line(strings.Join(names, ", ")))
	}
	for _, files := range found {
		return files, nil
	}
	return nil, nil
}

// spelling is what two names have in common that one file system takes for the other.
func spelling(name string) string { return strings.ToLower(strings.ToUpper(norm.NFKC.String(name))) }
