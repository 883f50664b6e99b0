order "a" {
  status = [1, # ERROR: Unterminated tuple constructor expression
}
