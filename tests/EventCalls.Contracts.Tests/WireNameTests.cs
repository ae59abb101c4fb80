using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Contracts.Tests;

public sealed class WireNameTests
{
    public static TheoryData<Type> Enums =>
        [.. typeof(WireName).Assembly.GetTypes().Where(t => t.IsEnum && t.GetFields().Any(f => f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>() is not null))];

    [Theory]
    [MemberData(nameof(Enums))]
    public void Every_value_of_an_enum_of_the_contracts_is_found_by_its_name_and_by_its_place(Type type) =>
        typeof(WireNameTests).GetMethod(nameof(Check), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, null);

    private static void Check<T>()
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        Assert.Equal(values.Length, WireName.All<T>().Count);
        foreach (var value in values)
        {
            // The name that JSON has, so that both are one.
            string json = JsonSerializer.Serialize(value);
            Assert.Equal(JsonSerializer.Deserialize<string>(json), WireName.Of(value));
            Assert.Equal(value, WireName.Parse<T>(WireName.Of(value)));
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            Assert.True(reader.Read());
            Assert.Equal(value, WireName.Read<T>(ref reader));
        }
        Assert.Null(WireName.Parse<T>("none of them"));
        Assert.Null(WireName.Parse<T>(null));
        Assert.Null(WireName.Of((T?)null));
        Assert.Throws<JsonException>(() =>
        {
            var reader = new Utf8JsonReader("\"none of them\""u8);
            reader.Read();
            WireName.Read<T>(ref reader);
        });
    }
}
