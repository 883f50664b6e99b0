// Package browser shows pages in a headless Chromium, for tests: what a reader's
// screen shows of them, what they load, and what they complain of. It speaks the
// browser's own protocol through a pipe, so no port is opened.
//
// What it promises: where Chromium is missing, a test is skipped, or fails if
// GDF_REQUIRE_STORES is set; every browser ends with its test.
//
// Read browser.go first. testdata has axe-core, which looks for what keeps people from
// using a page: version 4.14.1, by Deque Systems, under the Mozilla Public License
// 2.0, unchanged as its package has it. It is in no program.
package browser
