account "main" {
  endpoint = "sandbox"
  timezone = "America/New_York"
}
order "skipped-by-the-clock" {
  status     = "shipped"
  shipped_at = "2026-03-08 02:30:00" # ERROR: There is no such time
}
