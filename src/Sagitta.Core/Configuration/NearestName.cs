namespace Sagitta.Core.Configuration;

/// <summary>Finds the known name that a misspelt one most likely meant.</summary>
internal static class NearestName
{
    /// <summary>The known name with the smallest edit distance (Levenshtein, case ignored), or "" where none is known.</summary>
    public static string Of(string given, IEnumerable<string> known)
    {
        string best = "";
        int bestDistance = int.MaxValue;
        foreach (string name in known)
        {
            int distance = Distance(given, name);
            if (distance < bestDistance)
            {
                best = name;
                bestDistance = distance;
            }
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
