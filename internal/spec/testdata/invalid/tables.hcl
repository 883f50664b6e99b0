order "csv" {
  status  = "shipped"
  carrier = csv("tables/shipments.csv") # ERROR: csv() can't be used here
}
locals {
  rows  = jsonl("tables/list.jsonl")   # ERROR: jsonl() can't be used here
}
batch "no_table" {
  rows   = "tables/shipments.csv" # ERROR: rows is no table
  find   = { id = row.Order }
  status = "shipped"
}
batch "list_of_text" {
  rows   = ["a", "b"] # ERROR: rows is no table
  find   = { id = row.Order }
  status = "shipped"
}
batch "no_rows" { # ERROR: Missing required argument
  find   = { id = row.Order }
  status = "shipped"
}
batch "no_path" {
  rows   = csv() # ERROR: Wrong arguments of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "jsonl_options" {
  rows   = jsonl("tables/list.jsonl", {}) # ERROR: Wrong arguments of jsonl()
  find   = { id = row.Order }
  status = "shipped"
}
batch "expanded" {
  rows   = csv(["tables/shipments.csv"]...) # ERROR: Wrong arguments of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "path_is_a_list" {
  rows   = csv(["tables/shipments.csv"]) # ERROR: The path must be a string
  find   = { id = row.Order }
  status = "shipped"
}
batch "option" {
  rows   = csv("tables/shipments.csv", { separator = ";" }) # ERROR: Invalid options of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "two_characters" {
  rows   = csv("tables/shipments.csv", { delimiter = ";;" }) # ERROR: Invalid options of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "quote" {
  rows   = csv("tables/shipments.csv", { delimiter = "\"" }) # ERROR: Invalid options of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "line_feed" {
  rows   = csv("tables/shipments.csv", { delimiter = "\n" }) # ERROR: Invalid options of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "inside" {
  rows    = csv("tables/shipments.csv")
  find    = { id = row.Order }
  status  = "shipped"
  carrier = csv("tables/shipments.csv") # ERROR: csv() can't be used here
}
batch "bad-label!" { # ERROR: Invalid name of a batch
  rows   = []
  find   = { id = row.Order }
  status = "shipped"
}
