package naming

import "testing"

func TestNames(t *testing.T) {
	n, second := Of("net", 1), Of("net", 2)
	for _, test := range [][2]string{
		{n.Container, "vnet_net"},
		{n.Hook, "INIT_VNET_NET"},
		{n.Static(), "VNET0_NET"},
		{n.Module(), "vnet_net_module"},
		{n.Start(), "vnet_net_start"},
		{n.More(), "vnet_net_more"},
		{second.Container, "vnet_net_2"},
		{second.Hook, "INIT_VNET_NET_2"},
		{second.Static(), "VNET0_NET_2"},
		{InTest("net"), "net_intest"},
		{Joined("net", 1), "net_join1"},
		{InitFunc(3), "__vneti3"},
		{Initializer(1, 2, 3, 4), "__vnetv1_2_3_4"},
	} {
		if test[0] != test[1] {
			t.Errorf("got %s, want %s", test[0], test[1])
		}
	}
	for _, name := range []string{n.Container, n.Hook, n.Static(), n.Module(), n.Start(), "vnet_net_init_X"} {
		if !n.Owns(name) || !Ours(name) {
			t.Errorf("%s is not the part's own", name)
		}
	}
	for _, name := range []string{"net", "V_X", "vnet_other"} {
		if n.Owns(name) {
			t.Errorf("%s is the part's own", name)
		}
	}
}

func TestImportOf(t *testing.T) {
	taken := map[string]bool{"vnetpkg_yaml_v3": true}
	for path, want := range map[string]string{
		"net": "vnetpkg_net", "example.com/go-lib": "vnetpkg_go_lib", "gopkg.in/yaml.v3": "vnetpkg_yaml_v3_2",
	} {
		if got := ImportOf(path, func(name string) bool { return taken[name] }); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}
