// Deployfiles reads what is deployed as the programs do that it is for, and prints
// it as JSON for the tests of deploy/:
//
//	deployfiles kubernetes FILE   each object, decoded strictly into the API's types
//	deployfiles compose FILE      the project as docker compose would start it
//	deployfiles yaml FILE         its first document, as it is
//	deployfiles expressions       of each line of the standard input, as PromQL: the
//	                              metrics that it reads, and the labels it asks of them
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/loader"
	compose "github.com/compose-spec/compose-go/v2/types"
	"k8s.io/apimachinery/pkg/runtime"
	serializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
	plainyaml "sigs.k8s.io/yaml"
)

func main() {
	var shown any
	err := errors.New("usage: deployfiles kubernetes FILE | compose FILE | yaml FILE | expressions")
	switch args := os.Args[1:]; {
	case len(args) == 2 && args[0] == "kubernetes":
		shown, err = kubernetes(args[1])
	case len(args) == 2 && args[0] == "compose":
		shown, err = project(args[1])
	case len(args) == 2 && args[0] == "yaml":
		shown, err = plain(args[1])
	case len(args) == 1 && args[0] == "expressions":
		shown, err = expressions(os.Stdin)
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(shown)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// kubernetes are the objects of a manifest. An attribute that its type does not have, or
// that stands there twice, is an error.
func kubernetes(path string) ([]runtime.Object, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	strict := serializer.NewSerializerWithOptions(serializer.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, serializer.SerializerOptions{Yaml: true, Strict: true})
	objects := []runtime.Object{}
	for documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text))); ; {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		object, _, err := strict.Decode(document, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("%s, document %d: %w", path, len(objects)+1, err)
		}
		objects = append(objects, object)
	}
}

// project is what docker compose makes of a file, without anything of the environment.
func project(path string) (*compose.Project, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	details := compose.ConfigDetails{
		WorkingDir: filepath.Dir(path), Environment: compose.Mapping{},
		ConfigFiles: []compose.ConfigFile{{Filename: path, Content: text}},
	}
	return loader.LoadWithContext(context.Background(), details, func(o *loader.Options) { o.SetProjectName("gdfctl", true) })
}

func plain(path string) (content any, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return content, plainyaml.UnmarshalStrict(text, &content)
}
