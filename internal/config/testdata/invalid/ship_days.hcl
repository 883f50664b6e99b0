account "zoned" {
  endpoint = "sandbox"
  timezone = "America/New_York"
  default  = true
}
account "unzoned" {
  endpoint = "sandbox"
}
order "both" {
  status     = "shipped"
  shipped_at = "2026-11-26T10:00:00Z" # ERROR: shipped_at and shipped_on contradict each other
  shipped_on = "2026-11-26"
}
order "time" {
  status     = "shipped"
  shipped_on = "2026-11-26T10:00:00Z" # ERROR: This is a time, and shipped_on takes a day
}
order "never" {
  status     = "shipped"
  shipped_on = "2026-02-30" # ERROR: This is not a day
}
order "where" {
  account    = "unzoned"
  status     = "shipped"
  shipped_on = "2026-11-26" # ERROR: A day has no zone
}
order "acknowledged" {
  status       = "acknowledged"
  order_number = "O1"
  shipped_on   = "2026-11-26" # WARNING: shipped_on has no effect
}
batch "where" {
  account    = "unzoned"
  rows       = [{ id = "a", on = "2026-11-26" }]
  find       = { id = row.id }
  status     = "shipped"
  shipped_on = row.on # ERROR: A day has no zone
}
batch "constant" {
  rows       = [{ id = "b" }]
  find       = { id = row.id }
  status     = "shipped"
  shipped_on = "26 November" # ERROR: This is not a day
}
