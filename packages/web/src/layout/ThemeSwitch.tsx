import { DropdownMenu } from "radix-ui";
import { Icon, type IconName } from "../parts/Icon";
import menu from "../parts/Menu.module.css";
import { setTheme, type Theme, useTheme } from "../theme/theme";

const themes: readonly { theme: Theme; label: string; icon: IconName }[] = [
  { theme: "system", label: "As the device", icon: "system" },
  { theme: "light", label: "Light", icon: "sun" },
  { theme: "dark", label: "Dark", icon: "moon" },
];

/** Light, dark, or as the device says. */
export function ThemeSwitch() {
  const theme = useTheme();
  const now = themes.find((one) => one.theme === theme) ?? themes[0];
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={menu.icon} aria-label="Colours">
        <Icon name={now?.icon ?? "system"} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="end" sideOffset={6}>
          <DropdownMenu.RadioGroup
            value={theme}
            onValueChange={(chosen) => {
              const known = themes.find((one) => one.theme === chosen);
              if (known !== undefined) setTheme(known.theme);
            }}
          >
            {themes.map((one) => (
              <DropdownMenu.RadioItem key={one.theme} value={one.theme} className={menu.item}>
                <Icon name={one.icon} />
                {one.label}
                <DropdownMenu.ItemIndicator className={menu.chosen}>
                  <Icon name="check" size={16} />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
