order "csv" {
  status  = "shipped"
  carrier = csv("tables/shipments.csv") # ERROR: csv() can't be used here
}
locals {
  rows  = jsonl("tables/list.jsonl")   # ERROR: jsonl() can't be used here
}
batch "no_table" {
  rows   = "tables/shipments.csv" # ERROR: rows is not a table
  find   = { id = row.Order }
  status = "shipped"
}
batch "list_of_text" {
  rows   = ["a", "b"] # ERROR: rows is not a table
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
  rows   = csv("tables/shipments.csv", { separator = ";" }) # ERROR: csv() has no option "separator"
  find   = { id = row.Order }
  status = "shipped"
}
batch "two_characters" {
  rows   = csv("tables/shipments.csv", { delimiter = ";;" }) # ERROR: Invalid delimiter of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "quote" {
  rows   = csv("tables/shipments.csv", { delimiter = "\"" }) # ERROR: Invalid delimiter of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "line_feed" {
  rows   = csv("tables/shipments.csv", { delimiter = "\n" }) # ERROR: Invalid delimiter of csv()
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
batch "encoding" {
  rows   = csv("tables/shipments.csv", { encoding = "latin1" }) # ERROR: Invalid encoding of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "quotes" {
  rows   = csv("tables/shipments.csv", { quotes = "" }) # ERROR: Invalid quotes of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "header_line" {
  rows   = csv("tables/shipments.csv", { header_line = 0 }) # ERROR: Invalid header_line of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "columns" {
  rows   = csv("tables/shipments.csv", { columns = ["Order", "Order"] }) # ERROR: Invalid columns of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "columns_and_header_line" {
  rows   = csv("tables/shipments.csv", { columns = ["Order"], header_line = 2 }) # ERROR: Invalid options of csv()
  find   = { id = row.Order }
  status = "shipped"
}
batch "constant_group" {
  rows   = csv("tables/shipments.csv")
  group  = "x" # ERROR: group is the same for every row
  find   = { id = row.Order }
  status = "shipped"
}
batch "row_count_without_group" {
  rows   = csv("tables/shipments.csv")
  where  = row_count > 1 # ERROR: "row_count" can't be used here
  find   = { id = row.Order }
  status = "shipped"
}
batch "row_count_in_group" {
  rows   = csv("tables/shipments.csv")
  group  = row_count # ERROR: "row_count" can't be used here
  find   = { id = row.Order }
  status = "shipped"
}
