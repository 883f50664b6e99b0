standing "s" { # ERROR: "standing" blocks are not supported yet
  status = "acknowledged"
}
new_orders "n" { # ERROR: "new_orders" blocks are not supported yet
  rows = jsonl("private/orders.jsonl")
}
batch "b" {
  rows     = csv("tables/shipments.csv")
  preset   = "shipstation"        # ERROR: "preset" is not supported yet
  severity = { SHIP08 = "error" } # ERROR: "severity" is not supported yet
  find     = { id = row["Order"] }
  status   = "shipped"
}
order "o" {
  status   = "shipped"
  preset   = "shipstation"        # ERROR: "preset" is not supported yet
  severity = { SHIP08 = "error" } # ERROR: "severity" is not supported yet
}
policy {
  rule "r" {
    severity  = "warn" # ERROR: "severity" is not supported yet
    condition = true
    message   = "m"
  }
}
