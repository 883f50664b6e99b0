package table

import "os"

// Files is files, without its warnings.
func Files(root *os.Root, pattern string) ([]string, error) {
	return files(root, pattern, func(*Error) {})
}
