namespace EventCalls.Contracts.Tests;

public sealed class EventIdsTests
{
    private static readonly Guid s_cause = new("01950f00-0000-7000-8000-000000000001");

    [Fact]
    public void The_same_work_makes_the_same_ids_in_every_version()
    {
        Assert.Equal(new Guid("d82d99d2-20fb-8faa-8c90-8d202b60bee5"), EventIds.Derive(s_cause, "flow_selected"));
        Assert.Equal(new Guid("e08fe7cb-3fff-8437-a5e3-e253cbcdadfb"), EventIds.Derive(s_cause, "transfer_started", 3));
    }

    [Fact]
    public void Another_cause_name_or_number_makes_another_id()
    {
        Guid[] ids =
        [
            EventIds.Derive(s_cause, "a"),
            EventIds.Derive(s_cause, "b"),
            EventIds.Derive(s_cause, "a", 1),
            EventIds.Derive(s_cause, ""),
            EventIds.Derive(Guid.Empty, "a"),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    [Trait("RFC", "9562 §5.8")]
    public void A_derived_id_is_a_UUIDv8()
    {
        for (int i = 0; i < 200; i++)
        {
            var id = EventIds.Derive(s_cause, "a", i);
            Assert.Equal((8, 0x8), (id.Version, id.Variant & 0xC));
        }
    }
}
