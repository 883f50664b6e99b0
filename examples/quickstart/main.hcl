# Quickstart: a shop's morning, on the built-in sandbox. No account is needed,
# and nothing leaves this machine.
#
#   gdfctl plan  --chdir examples/quickstart      shows what would change
#   gdfctl apply --chdir examples/quickstart      makes it so, after asking

account "sandbox" {
  endpoint = "sandbox" # a simulated GoDataFeed, kept in .gdfctl/ beside this file
}

locals {
  # What the shipping software calls a store, and what GoDataFeed calls it.
  stores = {
    "Amazon US"   = "Amazon"
    "Walmart.com" = "Walmart"
    "eBay Store"  = "eBay"
  }
}

# Every row of the export is one parcel that left the warehouse.
batch "shipments" {
  rows   = csv("shipments/*.csv")
  voided = row["Void"] == "Y" # a void label is no parcel

  find            = { source = local.stores[row["Store"]], source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = row["Carrier"]
  # shipped_at is left out: the moment of sending. With a column for it:
  # shipped_at = parse_time("%m/%d/%Y %I:%M:%S %p", row["Ship Date"], "America/New_York")
}

# Taken into our own system, not shipped yet.
order "walmart-200011223344556" {
  find         = { source = "Walmart", source_order_number = "200011223344556" }
  status       = "acknowledged"
  order_number = "SO-10017"
}

# Out of stock: tell the marketplace before the buyer waits for nothing.
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
