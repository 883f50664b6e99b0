# Watch product feeds: are they fresh and complete? This example uses the
# built-in simulator. You need no account, and nothing leaves your machine.
#
#   gdfctl feeds check --chdir examples/feeds

account "main" {
  endpoint = "sandbox"
}

variable "max_age" {
  default     = "26h"
  description = "feeds are compiled once a day"
}

# All feeds, with the rules that every feed should meet.
watch "all" {
  feeds   = "*"
  max_age = var.max_age
}

# Amazon feeds: also look into the file for what Amazon refuses.
watch "amazon" {
  feeds           = "Amazon US - *"
  max_submit_age  = "2d"
  max_error_ratio = 0.02
  severity        = { max_submit_age = "warning" }

  content {
    required_columns = ["id", "title", "price", "gtin"]
    match_count      = true
    unique           = ["id"]
    required_values  = ["title", "price"]
    gtin             = true
    price            = true
    https            = true
  }

  # A score of 0 means that GoDataFeed has no score for the feed.
  rule "score" {
    severity  = "warning"
    condition = feed.score == 0 || feed.score >= 80
    message   = "score is ${feed.score}"
  }

  rule "enough in stock" {
    condition = content.rows >= 500
    message   = "only ${content.rows} of ${feed.total} items are in the file"
  }
}
