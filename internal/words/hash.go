package words

// ShortHash is the part of the hash of a plan or a commit that people compare.
func ShortHash(hash string) string {
	const digits = 12
	return hash[:min(digits, len(hash))]
}
