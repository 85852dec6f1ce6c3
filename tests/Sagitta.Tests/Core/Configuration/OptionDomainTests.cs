using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Sagitta.Tests.Core.Configuration;

/// <summary>Every number of every file that a user writes has a domain, and what lies outside it is refused.</summary>
public sealed partial class OptionDomainTests
{
    private static readonly MethodInfo _defaults = typeof(ConfigurationFile).GetMethod(nameof(ConfigurationFile.Defaults))!;

    [Fact]
    public void Every_numeric_option_has_a_domain()
    {
        IReadOnlyList<Option> options = [.. Roots().SelectMany(root => OptionsOf(root, root, value => value, [root]))];
        Assert.True(options.Count > 250, $"{options.Count} options were found");
        Assert.Empty(options.Where(option => option.Property.GetCustomAttribute<RangeAttribute>() is null)
            .Select(option => $"{option.Property.DeclaringType!.Name}.{option.Property.Name}").Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void What_lies_outside_a_domain_is_refused()
    {
        List<string> wrong = [];
        foreach (Option option in Roots().SelectMany(root => OptionsOf(root, root, value => value, [root])))
        {
            RangeAttribute range = option.Property.GetCustomAttribute<RangeAttribute>()!;
            bool whole = TypeOf(option.Property) == typeof(int);
            double low = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
            double high = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
            Refused(option, whole ? NumberText.Of(low - 1) : NumberText.Of(Math.BitDecrement(low)));
            Refused(option, double.IsInfinity(high) ? "inf" : whole ? NumberText.Of(high + 1) : NumberText.Of(Math.BitIncrement(high)));
            Refused(option, "NaN");
            Refused(option, "1e999");
            Refused(option, "-1e308");
            Refused(option, "'1,5'");
            if (Answer(option, NumberText.Of(low)) is { } problem && problem.Contains("out of range", StringComparison.Ordinal))
            {
                wrong.Add($"{option.Set(NumberText.Of(low))}: {problem}");
            }
        }

        Assert.Empty(wrong);

        void Refused(Option option, string value)
        {
            string? problem = Answer(option, value);
            if (problem?.Contains(OptionNames.Of(option.Property), StringComparison.Ordinal) != true)
            {
                wrong.Add($"{option.Root.Name}: {option.Set(value)}: {problem ?? "taken"}");
            }
        }
    }

    [Fact]
    public void Lists_that_need_an_element_say_so()
    {
        BadInputException problem = Assert.Throws<BadInputException>(
            () => ConfigurationFile.Defaults<MuonExperiment>(["data.testBackgrounds=[]"]));
        Assert.EndsWith("field 'data.testBackgrounds': the list is empty; give at least one", problem.Message, StringComparison.Ordinal);
    }

    private static string? Answer(Option option, string value)
    {
        try
        {
            _defaults.MakeGenericMethod(option.Root).Invoke(null, [new[] { option.Set(value) }]);
            return null;
        }
        catch (TargetInvocationException problem) when (problem.InnerException is BadInputException bad)
        {
            return bad.Message;
        }
    }

    // Everything that the sources read from YAML; what models keep of their inputs is any finite number.
    private static IEnumerable<Type> Roots()
    {
        IEnumerable<string> names = Directory.EnumerateFiles(TestData.InRepository("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Reading().Matches(File.ReadAllText(file))).Select(match => match.Groups["type"].Value)
            .Where(name => name is not ("T" or nameof(InputRanges))).Distinct(StringComparer.Ordinal);
        Type[] known = [.. new[] { typeof(Detector), typeof(MuonExperiment), typeof(LandscapeOptions) }
            .SelectMany(type => type.Assembly.GetTypes())];
        return names.Select(name => Assert.Single(known, type => type.Name == name));
    }

    private static IEnumerable<Option> OptionsOf(Type root, Type type, Func<string, string> within, Type[] outer)
    {
        foreach (PropertyInfo property in OptionNames.PropertiesOf(type))
        {
            Type held = TypeOf(property);
            bool list = property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable));
            bool named = property.PropertyType.IsGenericType
                && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);
            string name = OptionNames.Of(property);
            string Inside(string value) => within($"{{{name}: {(named ? $"{{any: {value}}}" : list ? $"[{value}]" : value)}}}");
            if (held == typeof(int) || held == typeof(long) || held == typeof(double) || held == typeof(float))
            {
                yield return new(root, property, Inside);
            }
            else if (held.Assembly != typeof(string).Assembly && !held.IsEnum && !outer.Contains(held))
            {
                foreach (Option option in OptionsOf(root, held, Inside, [.. outer, held]))
                {
                    yield return option;
                }
            }
        }
    }

    // What a property holds: one of it, a list, or values by name.
    private static Type TypeOf(PropertyInfo property)
    {
        Type type = property.PropertyType.IsGenericType && property.PropertyType.IsAssignableTo(typeof(IEnumerable))
            ? property.PropertyType.GetGenericArguments()[^1] : property.PropertyType.GetElementType() ?? property.PropertyType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    [GeneratedRegex(@"ConfigurationFile\.(Load|Parse|Defaults)<(?<type>\w+)>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reading();

    private sealed record Option(Type Root, PropertyInfo Property, Func<string, string> Yaml)
    {
        // "{data: {training: 0}}" as the setting "data={training: 0}".
        public string Set(string value)
        {
            string[] parts = Yaml(value)[1..^1].Split(": ", 2);
            return $"{parts[0]}={parts[1]}";
        }
    }
}
