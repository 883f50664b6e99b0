batch "empty" {
  rows   = csv("tables/shipments.csv")
  find   = {} # ERROR: Invalid find
  status = "shipped"
}
batch "odd_key" {
  rows   = csv("tables/shipments.csv")
  find   = { Order = row["Order"] } # ERROR: Invalid find
  status = "shipped"
}
batch "number_key" {
  rows   = csv("tables/shipments.csv")
  find   = { 1 = row["Order"] } # ERROR: Invalid find
  status = "shipped"
}
batch "key_of_a_row" {
  rows   = csv("tables/shipments.csv")
  find   = { (row["Carrier"]) = row["Order"] } # ERROR: Invalid find
  status = "shipped"
}
batch "key_twice" {
  rows   = csv("tables/shipments.csv")
  find   = { id = row["Order"], id = row["Tracking"] } # ERROR: Invalid find
  status = "shipped"
}
batch "source_alone" {
  rows   = csv("tables/shipments.csv")
  find   = { source = row["Order"] } # ERROR: Invalid find
  status = "shipped"
}
batch "constant_blank" {
  rows   = csv("tables/shipments.csv")
  find   = { source = "", source_order_number = row["Order"] } # ERROR: Invalid find
  status = "shipped"
}
batch "missing" { # ERROR: Missing find # ERROR: Missing status
  rows = csv("tables/shipments.csv")
}
