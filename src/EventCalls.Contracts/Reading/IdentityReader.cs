using System.Text.Json;

namespace EventCalls.Contracts.Reading;

/// <summary>Reads what the checks of Identity headers came to.</summary>
internal static class IdentityReader
{
    public static IReadOnlyList<IdentityCheck>? Read(ref Utf8JsonReader reader, TextPool pool)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        HandoffReader.Expect(ref reader, JsonTokenType.StartArray);
        var checks = new List<IdentityCheck>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            checks.Add(Check(ref reader, pool));
        HandoffReader.Expect(ref reader, JsonTokenType.EndArray);
        return checks;
    }

    private static IdentityCheck Check(ref Utf8JsonReader reader, TextPool pool)
    {
        string? kind = null;
        IdentityVerdict? verdict = null;
        IdentityProblem? problem = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("kind"u8))
            {
                reader.Read();
                kind = pool.Get(ref reader);
            }
            else if (reader.ValueTextEquals("verdict"u8))
            {
                reader.Read();
                verdict = WireName.Read<IdentityVerdict>(ref reader);
            }
            else if (reader.ValueTextEquals("problem"u8))
            {
                reader.Read();
                problem = reader.TokenType == JsonTokenType.Null ? null : WireName.Read<IdentityProblem>(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
        return new IdentityCheck { Kind = kind, Verdict = EventFields.Need(verdict, "verdict of an identity"), Problem = problem };
    }
}
