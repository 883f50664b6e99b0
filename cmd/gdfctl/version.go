package main

// version is set by the linker for releases.
var version = "0.1.0-dev"
