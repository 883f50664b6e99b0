batch "shipments" {
  rows   = []
  find   = { id = row.id }
  status = "shipped"
}

order "one" {
  status       = "acknowledged"
  order_number = "N-1"
}

schedule "nothing" { # ERROR: Missing required argument # ERROR: Missing every or cron
}
schedule "both" {
  every = "10m"
  cron  = "* * * * *" # ERROR: Both every and cron are set
  run   = "feeds"
}
schedule "zone of every" {  # ERROR: Invalid name of a schedule
  every     = "10m"
  time_zone = "UTC" # ERROR: time_zone is for cron
  run       = "feeds"
}
schedule "short" {
  every = "9s" # ERROR: every is out of range
  run   = "feeds"
}
schedule "long" {
  every = "32d" # ERROR: every is out of range
  run   = "feeds"
}
schedule "parts" {
  every = "10500ms" # ERROR: every must be a duration
  run   = "feeds"
}
schedule "no_zone" {
  cron = "0 9 * * *" # ERROR: Missing time_zone
  run  = "feeds"
}
schedule "null_zone" {
  cron      = "0 9 * * *"
  time_zone = null # ERROR: Missing time_zone
  run       = "feeds"
}
schedule "unknown_zone" {
  cron      = "0 9 * * *"
  time_zone = "Mars/Olympus" # ERROR: Unknown time zone
  run       = "feeds"
}
schedule "no_cron" {
  cron      = "0 9 * *" # ERROR: Invalid cron expression
  time_zone = "UTC"
  run       = "feeds"
}
schedule "what" {
  every = "1h"
  run   = "ship"  # ERROR: Invalid run
}
schedule "null_run" {
  every = "1h"
  run   = null  # ERROR: Missing run
}
schedule "unbounded" { # ERROR: Missing target # ERROR: Missing limits
  every = "1h"
  run   = "apply"
}
schedule "no_limit" {
  every  = "1h"
  run    = "apply"
  target = ["batch.shipments", "order[\"one\"]", "batch.shipments[\"Amazon/1\"]"]
  limits { # ERROR: Missing required argument
    max_ships = null # ERROR: max_ships is null
    max_age   = 1    # ERROR: Unsupported argument
  }
}
schedule "typo" {
  every  = "1h"
  run    = "apply"
  target = ["batch.shipmnets", "order[\"two\"]"] # ERROR: No block "batch.shipmnets" # ERROR: No block "order[\"two\"]"
  limits {
    max_changes = -1 # ERROR: max_changes is out of range
  }
  limits { # ERROR: Duplicate limits block
    max_changes = 1
  }
}
schedule "text" {
  every    = "1h"
  run      = "apply"
  target   = "batch.shipments" # ERROR: target must be a list of addresses
  catch_up = "all"             # ERROR: Invalid catch_up
  limits {
    max_changes = 1
  }
}
schedule "empty" {
  every  = "1h"
  run    = "apply"
  target = [] # ERROR: target must be a list of addresses
  limits {
    max_changes = 1
  }
}
schedule "feeds_target" {
  every  = "1h"
  run    = "feeds"
  target = ["batch.shipments"] # ERROR: target is for apply
}
schedule "feeds_limits" {
  every = "1h"
  run   = "feeds"
  limits { # ERROR: limits are for apply
    max_changes = 1
  }
}
schedule "feeds_limits" { # ERROR: Duplicate schedule "feeds_limits"
  every = "1h"
  run   = "feeds"
}
