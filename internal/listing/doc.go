// Package listing reads lists of the API page by page, of orders and feeds
// alike. The API says neither how many pages there are nor how large they may
// be, and lists change while they are read. Two promises follow from that: a
// short first page is never taken for the whole list, and what has to be
// complete is compared with the API's own count.
//
// Pager holds the rules and makes no calls: read it first. InTurn reads page
// after page, Find is InTurn up to a limit, and Counted reads a list that was
// counted, side by side where there are many pages.
package listing
