account "main" {
  endpoint = "sandbox"
}
order "no-zone" {
  status     = "shipped"
  shipped_at = "2026-11-20 16:28:00" # ERROR: The time has no zone
}
order "no-zone-t" {
  status     = "shipped"
  shipped_at = "2026-11-20T16:28" # ERROR: The time has no zone
}
order "words" {
  status     = "shipped"
  shipped_at = "yesterday" # ERROR: This is not a time
}
order "american" {
  status     = "shipped"
  shipped_at = "11/20/2026" # ERROR: This is not a time
}
order "no-such-day" {
  status     = "shipped"
  shipped_at = "2026-02-30T10:00:00Z" # ERROR: This is not a time
}
order "beyond-the-calendar" {
  status     = "shipped"
  shipped_at = "9999-12-31T23:59:59-10:00" # ERROR: This is not a time
}
order "the-zero-time" {
  status     = "shipped"
  shipped_at = "0001-01-01T00:00:00Z" # ERROR: This is not a time
}
order "date-only" {
  status     = "shipped"
  shipped_at = "2026-11-20" # WARNING at main.hcl:32: SHIP02: a ship date without a time
}
order "parse-time" {
  status     = "shipped"
  shipped_at = parse_time("%m/%d/%Y %H:%M", "11/20/2026 10:00") # ERROR: Error in function call
}
