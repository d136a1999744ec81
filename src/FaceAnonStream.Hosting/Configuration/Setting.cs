using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using FaceAnonStream.Configuration;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>One setting: a property of an options record, seen from a configuration file or the command line.</summary>
public sealed class Setting
{
    private readonly PropertyInfo _section;
    private readonly PropertyInfo _property;
    private readonly SettingAttribute _attribute;

    /// <param name="section">The section's property of a record of sections, such as <see cref="FaceAnonOptions"/>.</param>
    /// <param name="property">The setting's property of the section: an int, a double, a string or an enum.</param>
    public Setting(PropertyInfo section, PropertyInfo property)
    {
        _section = section;
        _property = property;
        _attribute = property.GetCustomAttribute<SettingAttribute>()
            ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} has no [Setting]");
        if (Type != typeof(int) && Type != typeof(double) && Type != typeof(string) && !Type.IsEnum)
        {
            throw new NotSupportedException($"{property.DeclaringType}.{property.Name}: a setting cannot be a {Type.Name}");
        }
    }

    public string Key => KeyOf(_property.Name);

    /// <summary>Section and key, e.g. <c>detect.batchSize</c>.</summary>
    public string Path => $"{KeyOf(_section.Name)}.{Key}";

    public string Description => _attribute.Description;

    public Type Type => _property.PropertyType;

    public double Min => _attribute.Min;

    public double Max => _attribute.Max;

    public string Pattern => _attribute.Pattern;

    /// <summary>The values of an enum as configuration files spell them; empty for other types.</summary>
    public IReadOnlyList<string> Choices => Type.IsEnum ? [.. Enum.GetNames(Type).Select(KeyOf)] : [];

    /// <summary>What is allowed, for messages about a value of the right type, e.g. <c>1 to 64</c>.</summary>
    public string Allowed
    {
        get
        {
            if (Type == typeof(string))
            {
                return _attribute.PatternMeaning.Length > 0 ? _attribute.PatternMeaning : "any text";
            }

            return Type.IsEnum ? string.Join(", ", Choices) : $"{Number(Min)} to {Number(Max)}";
        }
    }

    private string AllowedType
    {
        get
        {
            if (Type == typeof(int))
            {
                return $"a whole number from {Allowed}";
            }

            return Type == typeof(double) ? $"a number from {Allowed}" : Allowed;
        }
    }

    /// <summary>camelCase of a property's or an enum member's name.</summary>
    public static string KeyOf(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary>A value as configuration files spell it, without quotes.</summary>
    public static string Text(object value) => value switch
    {
        Enum choice => KeyOf(choice.ToString()),
        double number => Number(number),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    public object ValueIn(object options) => _property.GetValue(_section.GetValue(options))!;

    /// <summary>Writes into a section that nothing else refers to yet: options are frozen once they are built.</summary>
    public void SetIn(object options, object value) => _property.SetValue(_section.GetValue(options), value);

    /// <summary>Reads a value of the setting's type, without regard to its range.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="value">The value, where the result is null.</param>
    /// <returns>Null, or <c>got; allowed</c>.</returns>
    public string? Parse(string text, out object value)
    {
        if (Type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            value = whole;
            return null;
        }

        if (Type == typeof(double)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number))
        {
            value = number;
            return null;
        }

        if (Type.IsEnum && Choices.Contains(text))
        {
            value = Enum.Parse(Type, text, ignoreCase: true);
            return null;
        }

        value = text;
        return Type == typeof(string) ? null : WrongType(text);
    }

    /// <summary>What is wrong with a value that cannot be of the setting's type, as <c>got; allowed</c>.</summary>
    public string WrongType(string got) => $"{OneLine.Excerpt(got)}; allowed {AllowedType}";

    /// <summary>What is wrong with a value of the setting's type, as <c>got; allowed</c>, or null.</summary>
    public string? Check(object value)
    {
        var allowed = value switch
        {
            string text => Pattern.Length == 0 || Regex.IsMatch(text, $@"\A(?:{Pattern})\z", RegexOptions.CultureInvariant),
            Enum choice => Enum.IsDefined(Type, choice),
            _ => Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && number >= Min && number <= Max,
        };
        return allowed ? null : $"{OneLine.Excerpt(Text(value))}; allowed {Allowed}";
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
