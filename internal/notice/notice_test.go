package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNoticeListsWhatIsLinked(t *testing.T) {
	want, err := notice()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../" + path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("NOTICE is not about what is linked; run make notice\n(-linked +NOTICE)\n%s", diff)
	}
	for _, module := range []string{"github.com/hashicorp/hcl/v2 v", "github.com/inconshreveable/mousetrap v", "golang.org/x/text v"} {
		if !strings.Contains(want, "\n"+module) {
			t.Errorf("%s is not listed", module)
		}
	}
}

func TestLicense(t *testing.T) {
	const mit = "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this software"
	for name, test := range map[string]struct {
		content string
		want    license
	}{
		"MIT": {"The MIT License\r\n\r\n\r\nCopyright (c) 2020 A B <a@example.com>\r\n\r\n" + mit, license{
			kinds: []string{"MIT"}, copyrights: []string{"Copyright (c) 2020 A B <a@example.com>"}, texts: []string{"The MIT License\n\n" + mit},
		}},
		"a form": {"Apache License, Version 2.0\n   Copyright [yyyy] [name of copyright owner]\ncopyright license to reproduce\n", license{
			kinds: []string{"Apache-2.0"}, texts: []string{"Apache License, Version 2.0\n   Copyright [yyyy] [name of copyright owner]\ncopyright license to reproduce"},
		}},
		"two": {"Copyright IBM Corp. 2014, 2025\nMozilla Public License, version 2.0\n" + mit, license{
			kinds: []string{"MIT", "MPL-2.0"}, copyrights: []string{"Copyright IBM Corp. 2014, 2025"}, texts: []string{"Mozilla Public License, version 2.0\n" + mit},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var got license
			got.add(test.content)
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(license{})); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := licenseOf(module{path: "nothing", dir: t.TempDir()}); err == nil {
		t.Error("a module without a license is accepted")
	}
}
