# New Walmart orders are acknowledged with the number under which our system imports
# them: the marketplace wants that within four hours. Nobody has to list the orders.

gdfctl {
  required_version = ">= 0.1"
}

# Without consumer_key, the key is GDF_CONSUMER_KEY of the environment.
account "main" {
  timezone = "America/New_York"
}

variable "prefix" {
  default = "WM-"
}

standing "walmart-acknowledge" {
  # A buyer can cancel for a while: such an order is not acknowledged yet.
  live = { source = "Walmart", status = "new", older_than = "10m" }

  status       = "acknowledged"
  order_number = "${var.prefix}${live.source_order_number}"

  # The oldest orders come first, and the rest waits for the next run.
  max_per_run = 200

  # Orders that somebody looks at first, for example a suspicious address.
  except {
    rows = csv("holds.csv")
    find = { source = "Walmart", source_order_number = row["PO"] }
  }
}

policy {
  max_changes = 250 # more than this in one plan: nothing is sent
}
