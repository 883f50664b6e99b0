// Yamlschema checks YAML files against a JSON schema:
//
//	yamlschema SCHEMA FILE...
package main

import (
	"fmt"
	"os"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

func main() {
	if err := check(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: yamlschema SCHEMA FILE...")
	}
	schema, err := jsonschema.NewCompiler().Compile(args[0])
	if err != nil {
		return err
	}
	for _, name := range args[1:] {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var content any
		if err := yaml.Unmarshal(text, &content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := schema.Validate(content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
