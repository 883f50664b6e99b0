# ENV SECRET=canary-key
account "a" {
  endpoint = "sandbox"
  default  = true
}
account "b" { # ERROR: Two default accounts
  endpoint = "sandbox"
  default  = true
}
account "http" {
  endpoint = "http://api.godatafeed.com" # ERROR: Invalid endpoint
}
account "credentials" {
  endpoint = "https://user:canary@api.godatafeed.com" # ERROR: Invalid endpoint
}
account "query" {
  endpoint = "https://api.godatafeed.com?x=y" # ERROR: Invalid endpoint
}
account "question" {
  endpoint = "https://api.godatafeed.com?" # ERROR: Invalid endpoint
}
account "no-host" {
  endpoint = "https://:8443" # ERROR: Invalid endpoint
}
account "scheme" {
  endpoint = "ftp://api.godatafeed.com" # ERROR: Invalid endpoint
}
account "words" {
  endpoint = "production" # ERROR: Invalid endpoint
}
account "blank" {
  endpoint = "" # ERROR: The endpoint is empty
}
account "loopback" {
  endpoint = "http://127.0.0.1:8080"
}
account "both" { # ERROR: Both consumer_key and token are set
  consumer_key = env.SECRET
  token        = env.SECRET
}
account "literal" {
  consumer_key = "0123456789" # WARNING: consumer_key is written into the configuration
}
account "literal-token" {
  token = "0123456789" # WARNING: token is written into the configuration
}
account "empty-key" {
  consumer_key = "" # ERROR: consumer_key is empty
}
account "settings" {
  endpoint  = "sandbox"
  timezone  = "Eastern"    # ERROR: Unknown time zone
  lookback  = "a month"    # ERROR: lookback must be a duration
  page_size = 0            # ERROR: page_size is out of range
  settle    = "-5s"        # ERROR: settle must be a duration
  take_time = 60           # ERROR: take_time must be a duration
  default   = "perhaps"    # ERROR: default must be true or false
  rate_limit {
    burst            = 0         # ERROR: burst is out of range
    limit_per_second = 0         # ERROR: limit_per_second is out of range
  }
}
account "more-settings" {
  endpoint  = "sandbox"
  lookback  = "30m"        # ERROR: lookback is too short
  page_size = 10.5         # ERROR: page_size must be a whole number
  timezone  = "Local"      # ERROR: Unknown time zone
}
account "huge" {
  endpoint  = "sandbox"
  lookback  = "99999999999999999999d" # ERROR: lookback must be a duration
  page_size = 1e300        # ERROR: page_size is out of range
}
order "which" {
  account = "none" # ERROR: No account "none"
  status  = "shipped"
}
batch "which" {
  account = "none" # ERROR: No account "none"
  rows    = []
  find    = { id = row.id }
  status  = "shipped"
}

account "late" {
  endpoint = "sandbox"
  settle   = "5m"
  read_lag = "4m" # ERROR: read_lag is shorter than settle
}

account "later" {
  endpoint = "sandbox"
  read_lag = "25h" # ERROR: read_lag is too long
}

account "latest" {
  endpoint  = "sandbox"
  settle    = "61m"     # ERROR: settle is too long
  take_time = "31d"     # ERROR: take_time is too long
}
