# ERROR at tables/twice.csv:3: Two different wishes for one order
batch "twice" {
  rows            = csv("tables/twice.csv")
  find            = { id = row.Order }
  status          = "shipped"
  tracking_number = row.Tracking
  carrier         = row.Carrier
}
order "one" {
  find   = { source = "Amazon", source_order_number = "113-1" }
  status = "shipped"
}
order "other" { # ERROR: Two different wishes for one order
  find   = { source = "amazon", source_order_number = "113-1" }
  status = "cancelled"
  reason = "out of stock"
}
order "first" {
  find     = { id = "x" }
  status   = "shipped"
  replaces = "order[\"second\"]"
}
order "second" { # ERROR: Two different wishes for one order
  find     = { id = "x" }
  status   = "cancelled"
  reason   = "out of stock"
  replaces = "order[\"first\"]"
}
