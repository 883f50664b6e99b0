account "main" {
  endpoint = "sandbox"
  source "eBay" {
    confirms = "sometimes" # ERROR: confirms must be true or false
  }
  source " EBAY " { # ERROR: Duplicate source "EBAY"
  }
  source "" { # ERROR: The source has no name
  }
  source "Amazon" {
    take_time = "31d" # ERROR: take_time is too long
    confirm   = true  # ERROR: Unsupported argument
  }
}
