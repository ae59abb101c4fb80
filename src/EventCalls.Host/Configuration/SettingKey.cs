namespace EventCalls.Host.Configuration;

/// <summary>One key of the configuration, as its reading says it.</summary>
/// <param name="Path">Its path below the section, such as <c>Calls:Max</c>.</param>
/// <param name="Takes">What values it takes, in words.</param>
/// <param name="Default">What it is when nothing is said, in words; null for nothing.</param>
/// <param name="Says">What it is for: the doc comment of the property it sets.</param>
internal sealed record SettingKey(string Path, string Takes, string? Default, string Says);
