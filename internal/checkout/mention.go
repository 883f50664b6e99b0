package checkout

import (
	"context"
	"path"
	"slices"
	"strings"
)

// hclFiles are those of the repository.
const hclFiles = ":(top,glob)**/*.hcl"

// Mentions lists the folders in which a commit has an HCL file with one of some words,
// from the root of the repository, sorted. The root itself is ".".
func (c Checkout) Mentions(ctx context.Context, commit string, words ...string) (folders []string, err error) {
	root, _, err := c.Root(ctx)
	if err != nil {
		return nil, err
	}
	if !IsCommit(commit) {
		return nil, ErrNoCommit
	}
	args := []string{"grep", "--files-with-matches", "-z", "--text", "--no-color", "--fixed-strings", "--word-regexp"}
	for _, word := range words {
		args = append(args, "-e", word)
	}
	out, err := At(root).git(ctx, append(args, commit, "--", hclFiles)...)
	if exitCode(err) == 1 {
		return nil, nil // no file has
	}
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		folders = append(folders, path.Dir(strings.TrimPrefix(name, commit+":")))
	}
	slices.Sort(folders)
	return slices.Compact(folders), nil
}

// Folder lists what a commit has in a folder and below it, as Files does. The folder's
// path begins at the root of the repository, and need not be in the checkout.
func (c Checkout) Folder(ctx context.Context, commit, folder string) ([]File, error) {
	root, _, err := c.Root(ctx)
	if err != nil {
		return nil, err
	}
	if folder == "." {
		return At(root).tree(ctx, commit)
	}
	files, err := At(root).tree(ctx, commit, folder+"/")
	for i := range files {
		files[i].Path = strings.TrimPrefix(files[i].Path, folder+"/")
	}
	return files, err
}

// IsHere reports whether a path from the root of the repository is that of the checkout's
// directory, however it is spelled.
func (c Checkout) IsHere(ctx context.Context, folder string) (bool, error) {
	_, below, err := c.Root(ctx)
	return spelling(path.Clean(below)) == spelling(folder), err
}

// Kept are the folders, from the root of the repository, in which git tracks an HCL file
// that is not hidden, and whose HCL files are all as in a commit.
func (c Checkout) Kept(ctx context.Context, commit string) (map[string]bool, error) {
	root, _, err := c.Root(ctx)
	if err != nil {
		return nil, err
	}
	if !IsCommit(commit) {
		return nil, ErrNoCommit
	}
	tracked, err := At(root).git(ctx, "ls-files", "-z", "--", hclFiles)
	if err != nil {
		return nil, err
	}
	changed, err := At(root).git(ctx, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", commit, "--", hclFiles)
	if err != nil {
		return nil, err
	}
	folders := map[string]bool{}
	for name := range strings.SplitSeq(strings.TrimSuffix(tracked, "\x00"), "\x00") {
		if folder, file := path.Split(name); file != "" && !strings.HasPrefix(file, ".") {
			folders[path.Clean(folder)] = true
		}
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(changed, "\x00"), "\x00") {
		if name != "" {
			delete(folders, path.Dir(name))
		}
	}
	return folders, nil
}
