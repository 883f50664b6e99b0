batch "both" {
  rows      = csv("tables/shipments.csv")
  find      = { id = row.Order }
  status    = "shipped"
  latest    = "file"
  latest_by = row.Order # ERROR: latest and latest_by can't be used together
}
batch "constants" {
  rows        = csv("tables/shipments.csv")
  find        = { id = row.Order }
  status      = "shipped"
  voided      = "Y"  # ERROR: voided is neither true nor false
  no_tracking = 1    # ERROR: no_tracking is neither true nor false
  latest_by   = 5    # ERROR: latest_by is the same for all rows
  attempt     = 1    # ERROR: attempt is the same for all rows
}
batch "limits" {
  rows     = csv("tables/shipments.csv")
  find     = { id = row.Order }
  status   = "shipped"
  max_held = -1 # ERROR: max_held is out of range
}
order "number" {
  status          = "shipped"
  tracking_number = "1Z1"
  no_tracking     = true # ERROR: There is a tracking number
}
order "acknowledged" {
  status       = "acknowledged"
  order_number = "A"
  no_tracking  = true # WARNING: no_tracking has no effect
}
