watch "which" { # ERROR: Missing feeds or feed_id
}
watch "both" { # ERROR: Missing feeds or feed_id
  feeds   = "*"
  feed_id = "x"
}
watch "empty" {
  feeds = " " # ERROR: feeds is empty
}
watch "no name" { # ERROR: Invalid name of a watch
  feed_id = "" # ERROR: feed_id is empty
}
watch "twice" {
  feeds = "*"
}
watch "twice" { # ERROR: Duplicate watch "twice"
  feeds = "*"
}
watch "values" {
  feeds           = "*"
  max_age         = 26      # ERROR: max_age must be a duration
  max_drop        = 30      # ERROR: max_drop is out of range
  max_rise        = -1      # ERROR: max_rise is out of range
  max_error_ratio = "2 %"   # ERROR: max_error_ratio must be a number
  item_allotment  = 0       # ERROR: item_allotment is out of range
  max_submit_age  = "1 day" # ERROR: max_submit_age must be a duration
}
watch "severity" {
  feeds    = "*"
  severity = { max_age = "fatal", max_size = "warning" } # ERROR: Unknown severity of "max_age" # ERROR: No rule "max_size"
}
watch "severities" {
  feeds    = "*"
  severity = "warn" # ERROR: severity must be an object
}
watch "content" {
  feeds = "*"
  content {
    unique   = [""]   # ERROR: unique has an empty name
    price    = 12     # ERROR: price must be a list of columns
    required = ["id"] # ERROR: Unsupported argument
  }
  content { # ERROR: Duplicate content block
  }
}
watch "rules" {
  feeds = "*"
  rule "a" {
    condition = feed.score > 80
    message   = "m"
  }
  rule "a" { # ERROR: Duplicate rule "a"
    condition = true
    message   = "m"
  }
  rule "attribute" { # ERROR: The rule "attribute" can't be evaluated
    condition = feed.size > 80
    message   = "m"
  }
  rule "severity" {
    severity  = "off" # ERROR: Unknown severity
    condition = true
    message   = "m"
  }
  rule "name" {
    condition = change.account == "x" # ERROR: "change" can't be used here
    message   = "m"
  }
}
watch "file" { # ERROR: The rule "rows" needs a content block
  feeds = "*"
  rule "rows" {
    condition = content.rows > 1
    message   = "m"
  }
}
policy {
  rule "feed" {
    condition = feed.score > 1 # ERROR: "feed" can't be used here
    message   = "m"
  }
}
watch "ages" {
  feeds          = "*"
  max_age        = "0s" # ERROR: max_age is zero
  max_submit_age = "0h" # ERROR: max_submit_age is zero
}
watch "written" {
  feeds = "*"
  content {
    header_line = 0      # ERROR: header_line is out of range
    delimiter   = "ab"   # ERROR: Invalid delimiter
    encoding    = "utf8" # ERROR: Invalid encoding
    compression = "rar"  # ERROR: Invalid compression
  }
}
