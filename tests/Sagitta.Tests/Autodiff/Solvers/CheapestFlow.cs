namespace Sagitta.Tests.Autodiff.Solvers;

/// <summary>
/// An independent answer to the assignment problem: minimum-cost flow by Bellman and Ford, one unit at a time until no unit can
/// be added. Cardinality comes first by construction, without any large number standing for a forbidden entry.
/// </summary>
internal static class CheapestFlow
{
    public static (int Cardinality, double Cost) Solve(double[] costs, int rows, int columns)
    {
        int[] rowOf = new int[columns];
        int[] columnOf = new int[rows];
        Array.Fill(rowOf, -1);
        Array.Fill(columnOf, -1);
        while (true)
        {
            double[] toColumn = new double[columns];
            double[] toRow = new double[rows];
            int[] from = new int[columns];
            Array.Fill(toColumn, double.PositiveInfinity);
            for (int i = 0; i < rows; i++)
            {
                toRow[i] = columnOf[i] < 0 ? 0 : double.PositiveInfinity;
            }

            bool changed = true;
            for (int round = 0; changed && round <= rows + columns; round++)
            {
                changed = false;
                for (int i = 0; i < rows; i++)
                {
                    for (int j = 0; j < columns; j++)
                    {
                        double cost = costs[(i * columns) + j];
                        if (double.IsFinite(cost) && columnOf[i] != j && toRow[i] + cost < toColumn[j] - 1e-12)
                        {
                            toColumn[j] = toRow[i] + cost;
                            from[j] = i;
                            changed = true;
                        }
                    }
                }

                for (int j = 0; j < columns; j++)
                {
                    int i = rowOf[j];
                    if (i >= 0 && toColumn[j] - costs[(i * columns) + j] < toRow[i] - 1e-12)
                    {
                        toRow[i] = toColumn[j] - costs[(i * columns) + j];
                        changed = true;
                    }
                }
            }

            int end = -1;
            for (int j = 0; j < columns; j++)
            {
                if (rowOf[j] < 0 && double.IsFinite(toColumn[j]) && (end < 0 || toColumn[j] < toColumn[end]))
                {
                    end = j;
                }
            }

            if (end < 0)
            {
                break;
            }

            while (end >= 0)
            {
                int i = from[end];
                int given = columnOf[i];
                columnOf[i] = end;
                rowOf[end] = i;
                end = given;
            }
        }

        double total = 0;
        int cardinality = 0;
        for (int i = 0; i < rows; i++)
        {
            if (columnOf[i] >= 0)
            {
                cardinality++;
                total += costs[(i * columns) + columnOf[i]];
            }
        }

        return (cardinality, total);
    }
}
