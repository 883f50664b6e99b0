batch "b" {
  rows     = csv("tables/shipments.csv")
  severity = { SHIP08 = "error" } # ERROR: "severity" is not supported yet
  find     = { id = row["Order"] }
  status   = "shipped"
}
order "o" {
  status   = "shipped"
  preset   = "shipstation"        # ERROR: Unsupported argument
  severity = { SHIP08 = "error" } # ERROR: "severity" is not supported yet
}
policy {
  rule "r" {
    severity  = "warn" # ERROR: "severity" is not supported yet
    condition = true
    message   = "m"
  }
}
