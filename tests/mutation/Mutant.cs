using System.Security.Cryptography;
using System.Text;

namespace Sagitta.Mutation;

/// <summary>One small change of the sources.</summary>
/// <param name="Number">Its number in this run: what the switch is set to.</param>
/// <param name="Area">The part of the core that it is in.</param>
/// <param name="File">Source file, from the root of the repository.</param>
/// <param name="Line">Line of that file, from 1.</param>
/// <param name="Kind">Kind of change.</param>
/// <param name="Key">What it changes into what, and where: the same from run to run as long as that place stays as it is.</param>
internal sealed record Mutant(int Number, string Area, string File, int Line, string Kind, string Key)
{
    /// <summary>Place of the mutant in a sample: a hash of seed and key, so that changes elsewhere do not alter the draw.</summary>
    public string Lot(string seed) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(seed + Key)));
}

/// <summary>All places that can be changed, and which of them are: numbers follow the order of the sources.</summary>
/// <param name="chosen">The numbers of those that are made.</param>
internal sealed class MutantCatalogue(IReadOnlySet<int> chosen)
{
    private readonly Dictionary<string, int> _same = [];

    public List<Mutant> Mutants { get; } = [];

    /// <summary>Takes note of a possible change; its number, or nothing where it is not to be made.</summary>
    public int? Take(string area, string file, int line, string kind, string member, string before, string after)
    {
        string key = $"{Path.GetFileName(file)} | {member} | {Short(before)} -> {Short(after)}";
        int same = _same[key] = _same.GetValueOrDefault(key) + 1;
        int number = Mutants.Count;
        Mutants.Add(new(number, area, file, line, kind, same == 1 ? key : $"{key} | {same}"));
        return chosen.Contains(number) ? number : null;
    }

    private static string Short(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 100 ? line : $"{line[..60]}...{line[^37..]}";
    }
}
