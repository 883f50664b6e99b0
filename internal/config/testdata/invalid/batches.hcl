batch "cancel" { # ERROR: A cancel needs a reason
  rows   = csv("tables/shipments.csv")
  find   = { id = row.Order }
  status = "cancelled"
}
batch "acknowledge" { # ERROR: An acknowledge needs the order number
  rows   = csv("tables/shipments.csv")
  find   = { id = row.Order }
  status = "acknowledged"
}
batch "status" {
  rows   = csv("tables/shipments.csv")
  find   = { id = row.Order }
  status = "sent" # ERROR: Unknown status
}
batch "constants" {
  rows       = csv("tables/shipments.csv")
  find       = { id = row.Order }
  status     = "shipped"
  shipped_at = "2026-11-20 10:00" # ERROR: The time has no zone
  attempt    = "many"             # ERROR: attempt is the same for all rows
  where      = "yes"              # ERROR: where is neither true nor false
}
batch "settings" {
  rows              = csv("tables/shipments.csv")
  find              = { id = row.Order }
  status            = "shipped"
  latest            = "row" # ERROR: Invalid latest
  multiple_tracking = "all" # ERROR: Invalid multiple_tracking
  replaces          = "batch" # ERROR: replaces does not name a block
}
batch "unused" {
  rows            = csv("tables/shipments.csv")
  find            = { id = row.Order }
  status          = "cancelled"
  reason          = "out of stock"
  tracking_number = row.Tracking # WARNING: tracking_number has no effect
}
batch "list" {
  rows            = csv("tables/shipments.csv")
  find            = { id = row.Order }
  status          = "shipped"
  tracking_number = ["1Z"] # ERROR: Not a text
}
