# A day's shipments for the real API. Drop the export of the shipping software
# into shipments/, look at the plan, apply it.
#
#   export GDF_CONSUMER_KEY=...      or GDF_TOKEN
#   gdfctl plan  --chdir examples/shipping-batch --out today.plan
#   gdfctl apply --chdir examples/shipping-batch today.plan

gdfctl {
  required_version = ">= 0.1"
}

account "default" {
  # No endpoint: it is https://api.godatafeed.com, or what GDF_ENDPOINT names.
  # No key: it comes from GDF_CONSUMER_KEY, or GDF_TOKEN.
  timezone = "America/New_York" # what the export's clock means; none is guessed
  lookback = "30d"              # how far back orders are looked for
}

locals {
  # What the shipping software calls a store, and what GoDataFeed calls it.
  stores = {
    "Amazon US"   = "Amazon"
    "Walmart.com" = "Walmart"
    "eBay Store"  = "eBay"
  }
}

# Every row is one parcel that left the warehouse. Files are read in the order
# of their names, so name them by date.
batch "shipments" {
  rows   = csv("shipments/*.csv")
  voided = row["Void"] == "Y" # a void label is no parcel
  latest = "file"             # a label printed again: the later file is right

  find            = { source = local.stores[row["Store"]], source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = row["Carrier"]
  shipped_at      = parse_time("%m/%d/%Y %I:%M:%S %p", row["Ship Date"])
}

# What people settled by hand: gdfctl leaves the order alone, on record.
#
# release "amazon-114-1357913-2468024" {
#   find   = { source = "Amazon", source_order_number = "114-1357913-2468024" }
#   reason = "buyer cancelled, parcel pulled"
# }

policy {
  max_changes       = 5000
  max_cancellations = 0 # this directory only ships
  max_held          = 20
  max_plan_age      = "12h"

  rule "tracking number" {
    condition = change.after.tracking_number != null
    message   = "the row has no tracking number"
  }

  rule "known carriers" {
    when      = change.after.carrier != null
    condition = contains(["UPS", "USPS", "FedEx"], change.after.carrier)
    message   = "carrier ${change.after.carrier} is not ours"
  }
}
