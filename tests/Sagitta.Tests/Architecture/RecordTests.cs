using System.Reflection;

namespace Sagitta.Tests.Architecture;

public sealed class RecordTests
{
    // A record prints its public properties, and a property that is a view of memory can't be printed: ToString would throw.
    [Fact]
    public void Every_record_can_be_printed()
    {
        IEnumerable<Type> records = ReferenceDirectionTests.Assemblies.Values.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);
        Assert.Contains(typeof(EventSet), records);
        Assert.Empty(records.SelectMany(type => type.GetProperties()).Where(property => property.PropertyType.IsByRefLike)
            .Select(property => $"{property.DeclaringType}.{property.Name}"));
    }
}
