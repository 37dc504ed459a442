"""The model API that users import: configurations, managers, engines, conversations."""
