batch "missing" {
  rows            = csv("tables/shipments.csv")
  where           = row["Void"] != "Y" # ERROR: tables/shipments.csv has no column "Void"
  find            = { source = "Amazon", source_order_number = row["Number"] } # ERROR: tables/shipments.csv has no column "Number"
  status          = "shipped"
  tracking_number = row["Tracking"]
  carrier         = try(row["Service"], "UPS")
}
batch "no_header" {
  rows            = csv("tables/shipments.csv") # ERROR: tables/shipments.csv has none of the columns that the batch reads
  find            = { source_order_number = row["Xyz"] }
  status          = "shipped"
  tracking_number = row["Wvu"]
}
batch "no_file" {
  rows   = csv("tables/shipment.csv") # ERROR: The table can't be read
  find   = { id = row.Order }
  status = "shipped"
}
batch "outside" {
  rows   = csv("../*.csv") # ERROR: The table can't be read
  find   = { id = row.Order }
  status = "shipped"
}
batch "unreadable" {
  rows   = csv("tables/quote.csv") # ERROR: The table can't be read
  find   = { id = row.Order }
  status = "shipped"
}
