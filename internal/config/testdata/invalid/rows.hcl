# ERROR at tables/bad.csv:2: A row that can't be used
# ERROR at tables/bad.csv:3: A row that can't be used
# ERROR at tables/bad.csv:4: A row that can't be used
# ERROR at tables/bad.csv:5: A row that can't be used
# ERROR at tables/bad.csv:6: A row that can't be used
# WARNING at tables/bad.csv:7: SHIP02: a ship date without a time
# ERROR at tables/bad.csv:8: An order in several parcels
batch "bad" {
  rows            = csv("tables/bad.csv")
  find            = { id = row.Order }
  status          = "shipped"
  tracking_number = row.Tracking
  shipped_at      = row.Shipped
  attempt         = row.Attempt
}
