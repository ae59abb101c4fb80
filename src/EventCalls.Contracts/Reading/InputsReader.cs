using System.Text.Json;

namespace EventCalls.Contracts.Reading;

/// <summary>Reads the recorded inputs of a decision.</summary>
internal static class InputsReader
{
    public static DecisionInputs? Read(ref Utf8JsonReader reader, TextPool pool)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        HandoffReader.Expect(ref reader, JsonTokenType.StartObject);
        DateTimeOffset? now = null;
        int? seed = null;
        IReadOnlyList<LookupAnswer> lookups = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("now"u8))
            {
                reader.Read();
                now = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("seed"u8))
            {
                reader.Read();
                seed = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("lookups"u8))
            {
                reader.Read();
                lookups = Lookups(ref reader, pool);
            }
            else
            {
                reader.Skip();
            }
        }
        return new DecisionInputs { Now = EventFields.Need(now, "inputs.now"), Seed = EventFields.Need(seed, "inputs.seed"), Lookups = lookups };
    }

    private static IReadOnlyList<LookupAnswer> Lookups(ref Utf8JsonReader reader, TextPool pool)
    {
        HandoffReader.Expect(ref reader, JsonTokenType.StartArray);
        List<LookupAnswer>? answers = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string? name = null, key = null, value = null, refusal = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("name"u8))
                {
                    reader.Read();
                    name = pool.Get(ref reader);
                }
                else if (reader.ValueTextEquals("key"u8))
                {
                    reader.Read();
                    key = reader.GetString();
                }
                else if (reader.ValueTextEquals("value"u8))
                {
                    reader.Read();
                    value = reader.GetString();
                }
                else if (reader.ValueTextEquals("refusal"u8))
                {
                    reader.Read();
                    refusal = pool.Get(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
            (answers ??= []).Add(new LookupAnswer(EventFields.Need(name, "name of a look-up"), EventFields.Need(key, "key of a look-up"), value) { Refusal = refusal });
        }
        return answers ?? (IReadOnlyList<LookupAnswer>)[];
    }
}
