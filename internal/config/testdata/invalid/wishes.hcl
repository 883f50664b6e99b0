order "status" {
  status = "delivered" # ERROR: Unknown status
}
order "status-null" {
  status = null # ERROR: Unknown status
}
order "no-status" { # ERROR: Missing status
  tracking_number = "1Z"
}
order "cancel" { # ERROR: A cancel needs a reason
  status = "cancelled"
}
order "cancel-blank" {
  status = "cancelled"
  reason = "  " # ERROR: A cancel needs a reason
}
order "acknowledge" { # ERROR: An acknowledge needs the order number
  status = "acknowledged"
}
order "unused" {
  status          = "cancelled"
  reason          = "out of stock"
  tracking_number = "1Z" # WARNING: tracking_number has no effect
  carrier         = "UPS" # WARNING: carrier has no effect
}
order "unused-reason" {
  status = "shipped"
  reason = "why not" # WARNING: reason has no effect
}
order "attempt" {
  status  = "shipped"
  attempt = 0 # ERROR: attempt is out of range
}
order "attempt-fraction" {
  status  = "shipped"
  attempt = 1.5 # ERROR: attempt must be a whole number
}
order "attempt-text" {
  status  = "shipped"
  attempt = "again" # ERROR: attempt must be a number
}
order "list" {
  status          = "shipped"
  tracking_number = ["1Z1", "1Z2"] # ERROR: tracking_number must be a string
}
order "replaces" {
  status   = "shipped"
  replaces = "shipments" # ERROR: replaces does not name a block
}
release "r" { # ERROR: Missing required argument
}
release "blank" {
  reason = " " # ERROR: A release needs a reason
}
release "find" {
  reason = "settled"
  find   = {} # ERROR: Invalid find
}
