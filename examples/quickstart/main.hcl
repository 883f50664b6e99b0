# Quickstart: a shop's morning, on the built-in simulator. You need no account,
# and nothing leaves your machine.
#
#   gdfctl plan  --chdir examples/quickstart      shows what would change
#   gdfctl apply --chdir examples/quickstart      asks, and makes the changes

account "sandbox" {
  endpoint = "sandbox" # a simulated GoDataFeed, stored in .gdfctl/
}

locals {
  # The names of the stores: in the shipping software, and at GoDataFeed.
  stores = {
    "Amazon US"   = "Amazon"
    "Walmart.com" = "Walmart"
    "eBay Store"  = "eBay"
  }
}

# Each row of the export is a parcel that left the warehouse.
batch "shipments" {
  rows   = csv("shipments/*.csv")
  voided = row["Void"] == "Y" # ignore voided labels

  find            = { source = local.stores[row["Store"]], source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = row["Carrier"]
  # Without shipped_at, the time of sending is used. If the export has a time:
  # shipped_at = parse_time("%m/%d/%Y %I:%M:%S %p", row["Ship Date"], "America/New_York")
}

# Imported into our system, but not shipped yet.
order "walmart-200011223344556" {
  find         = { source = "Walmart", source_order_number = "200011223344556" }
  status       = "acknowledged"
  order_number = "SO-10017"
}

# Out of stock: cancel the order before the buyer waits for nothing.
order "ebay-07-11223-34455" {
  find   = { source = "eBay", source_order_number = "07-11223-34455" }
  status = "cancelled"
  reason = "out of stock"
}

policy {
  max_cancellations = 5
  max_held          = 3

  rule "known carriers" {
    when      = change.after.status == "shipped"
    condition = contains(["UPS", "USPS", "FedEx"], change.after.carrier)
    message   = "carrier ${change.after.carrier} is not ours"
  }
}
