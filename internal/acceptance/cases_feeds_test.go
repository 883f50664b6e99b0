package acceptance

import "testing"

// feedCases are files of feeds as GoDataFeed compiles them.
var feedCases = []heldCase{
	{
		folder: "duplicate-columns", feed: "feed.txt",
		feeds: valid("! content.https 1 link without https", "in columns of links, the first in line 2"),
	},
	{folder: "header-with-commas", feed: "feed.txt", feeds: valid("content.file 2 rows", "content.required_columns 1 of 1")},
	{
		folder: "empty-table-rows", feed: "feed.txt",
		feeds: valid("content.file 2 rows", "content.required_values 0.0 %", "content.match_count 2 rows", "Rules: 0 failed, 0 warnings"),
	},
	{folder: "gzipped", feed: "feed.txt.gz", feeds: valid("content.file 2 rows", "content.required_columns 1 of 1")},
	{
		folder: "gzipped", name: "as something else", feed: "feed.txt.gz",
		change: replace("main.hcl", "content {", "content {\n    compression = \"zip\""),
		feeds:  outcome{code: 4, says: []string{"content.file not unpacked", "it is not a zip file"}},
	},
	{
		folder: "amazon-template", feed: "feed.txt",
		change: replace("main.hcl", "content {", "content {\n    header_line = 3"),
		feeds: outcome{code: 4, says: []string{
			"content.required_columns 2 of 2", "content.file 2 rows", "content.gtin 0 bad GTINs",
			"1 duplicate in item_sku, the first in line 5", "1 of 2 rows are no price above zero in standard_price, the first in line 5",
			"Rules: 2 failed (content.unique 1, content.price 1)",
		}},
	},
	{
		folder: "windows-1252", feed: "feed.txt",
		change: replace("main.hcl", "content {", "content {\n    encoding = \"windows-1252\""),
		feeds:  valid("content.file 2 rows", "content.required_columns 1 of 1"),
	},
	{
		folder: "windows-1252", name: "as it is", feed: "feed.txt",
		feeds: outcome{code: 4, says: []string{"content.file not UTF-8", "content.required_columns 1 of 1"}},
	},
	{
		folder: "xml-feed", feed: "feed.xml",
		feeds: outcome{run: true, says: []string{"? content.file an XML document", "it is the feed itself, and gdfctl measures tables only"}, not: []string{"HTML", "login"}},
	},
	{
		folder: "swallowed-rows", feed: "feed.txt", items: 600,
		feeds: outcome{code: 4, says: []string{"content.file 5 swallowed rows", "begins in line 5"}},
	},
}

func TestFeedsAsTheyAreCompiled(t *testing.T) { runCases(t, feedCases) }
