// Package quantity writes counts for people, in one way wherever they stand.
package quantity
