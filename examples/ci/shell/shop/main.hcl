# What a team keeps in git. The state is beside it, on the branch gdfctl-state/main:
# every job and every computer with a clone sees what was done.
gdfctl {
  backend "git" {
    # pipeline.sh adds the line that `gdfctl state init` prints: state = "…"
  }
}

account "main" {
  endpoint     = env.GDF_ENDPOINT
  consumer_key = env.GDF_CONSUMER_KEY
  take_time    = "1s" # the simulator shows changes at once; marketplaces take up to an hour, the default
}

batch "shipments" {
  rows            = csv("shipments/*.csv")
  find            = { source = row["Marketplace"], source_order_number = row["Order Number"] }
  status          = "shipped"
  tracking_number = row["Tracking Number"]
  carrier         = row["Carrier"]
}

# A pull request that raises a limit is held to this one until it is merged.
policy {
  max_acknowledgements = 0
}
