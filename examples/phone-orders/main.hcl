# Orders that were placed by phone. They must exist at GoDataFeed, and are
# shipped like all others. Runs on the built-in simulator; everybody is made up.

account "sandbox" {
  endpoint = "sandbox" # a simulated GoDataFeed, stored in .gdfctl/
}

# Each row is an order with its buyer. Keep such a file out of version control:
# write private/ into .gitignore.
new_orders "phone" {
  rows        = jsonl("private/*.jsonl")
  max_per_run = 50
}

# Until an order is there, its parcel waits: the next plan ships it.
batch "parcels" {
  rows            = csv("shipments/*.csv")
  find            = { source = "Phone", source_order_number = row["Order"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = row["Carrier"]
}

policy {
  max_inserts = 20 # more than that is not a usual day
}
